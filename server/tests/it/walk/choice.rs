//! Which step comes next: any is possible at any time, and those that lead further are likelier.

use super::{
    deeds::{Act, Code, Deed, Proof},
    world::{Attack, World},
};
use domain::token::Purpose;

/// Chooses among the walk's own random numbers.
pub fn next(world: &mut World) -> Deed {
    if let Some(who) = world.model.people.iter().position(|person| person.locked)
        && world.roll(5) == 0
    {
        return Deed::Lock(who, false);
    }
    if let Some(deed) = attack(world) {
        return deed;
    }
    if let Some(deed) = the_end(world) {
        return deed;
    }
    let window = world.roll(world.model.windows.len());
    let door = world.roll(2);
    let is_half_in = world.model.pending(window, door).is_some();
    let session = world.model.windows[window].at[door].session;
    let is_in = session.is_some_and(|session| world.model.is_alive(session));
    let leaves = session.is_some_and(|session| {
        let who = world.model.sessions[session].who;
        world.model.people[who].due.is_some()
    });
    let act = match world.roll(100) {
        0..14 => return Deed::Wait(wait(world)),
        14..16 => {
            let who = world.roll(world.model.people.len());
            return Deed::Lock(who, !world.model.people[who].locked);
        }
        16..30 if !world.secrets.is_empty() => return press(world, window),
        // Who may still stay does so now and then, or its end would come on every walk.
        _ if is_in && leaves && world.roll(2) == 0 => match world.roll(4) {
            0 => Act::Stay,
            _ => Act::Leave(Proof::Password),
        },
        _ if is_in && world.roll(5) > 0 => inside(world, door),
        _ if is_half_in && world.roll(4) > 0 => code_step(world),
        _ => outside(world, door),
    };
    Deed::Act(window, door, act)
}

/// Once in a while somebody guesses for a stretch, at passwords or at codes.
fn attack(world: &mut World) -> Option<Deed> {
    if world.attack.is_none() && world.roll(60) == 0 {
        let who = world.roll(world.model.people.len());
        world.attack = Some(Attack {
            window: world.roll(world.model.windows.len()),
            who,
            codes: world.model.people[who].factor.is_some(),
            left: 14,
        });
    }
    let attack = world.attack.as_mut()?;
    let (window, who, codes) = (attack.window, attack.who, attack.codes);
    attack.left -= 1;
    if attack.left == 0 {
        world.attack = None;
    }
    let door = world.model.people[who].door;
    let act = if !codes {
        Act::Password(who, false, false)
    } else if world.model.pending(window, door).is_some() {
        Act::Code(Code::Wrong, false)
    } else {
        Act::Password(who, true, false)
    };
    Some(Deed::Act(window, door, act))
}

/// Where an account is to be deleted, its day comes sooner or later, to the second or one before.
fn the_end(world: &mut World) -> Option<Deed> {
    let due = world.model.people.iter().filter_map(|person| person.due);
    let left = due.min()?.since(world.model.now).as_secs();
    match world.roll(60) {
        0..3 => Some(Deed::Job),
        3 => Some(Deed::Wait(left)),
        4 => Some(Deed::Wait(left.saturating_sub(1))),
        5..20 if left == 0 => Some(Deed::Job),
        _ => None,
    }
}

/// Seconds until something happens again.
fn wait(world: &mut World) -> u64 {
    match world.roll(100) {
        0..25 => 1,
        25..55 => 30,
        55..75 => 61,
        75..88 => 6 * 60,
        88..93 => 11 * 60,
        93..97 => 26 * 60,
        97..99 => 61 * 60,
        _ => 25 * 3600,
    }
}

/// Somebody of this door, and once in a while of the other one.
fn somebody(world: &mut World, door: usize) -> usize {
    let door = if world.roll(20) == 0 { 1 - door } else { door };
    door * 2 + world.roll(2)
}

fn outside(world: &mut World, door: usize) -> Act {
    let who = somebody(world, door);
    match world.roll(100) {
        0..8 => code_step(world),
        8..12 => Act::SignOut,
        12..20 => Act::AskReset(who),
        // Pages behind the door, from before it.
        20..26 => inside(world, door),
        26..34 => Act::Password(who, false, false),
        _ if !world.model.people[who].password => Act::AskReset(who),
        _ => Act::Password(who, true, world.roll(4) == 0),
    }
}

fn code_step(world: &mut World) -> Act {
    let code = code(world);
    Act::Code(code, world.roll(3) == 0)
}

fn code(world: &mut World) -> Code {
    match world.roll(100) {
        0..45 => Code::Now,
        45..60 => Code::Before,
        60..65 => Code::Soon,
        65..80 => Code::Wrong,
        80..92 => Code::Recovery(world.roll(10)),
        92..96 => Code::Invented,
        _ => Code::Rubbish,
    }
}

fn proof(world: &mut World) -> Proof {
    match world.roll(100) {
        0..50 => Proof::Password,
        50..65 => Proof::WrongPassword,
        _ => Proof::Code(code(world)),
    }
}

fn inside(world: &mut World, door: usize) -> Act {
    match world.roll(100) {
        0..14 => Act::SignOut,
        14..38 => {
            let right = world.roll(6) > 0;
            Act::Enable(right, password(world))
        }
        38..46 => Act::Disable(proof(world)),
        46..54 => Act::Renew(proof(world)),
        54..64 => Act::Change(world.roll(4) > 0),
        64..80 => {
            let to = address(world, door);
            let proof = if world.roll(3) == 0 {
                Proof::None
            } else {
                proof(world)
            };
            Act::AskAddress(to, proof)
        }
        80..84 => Act::EndOthers,
        84..91 => Act::Leave(proof(world)),
        91 => Act::Stay,
        // Only what a browser holds can be named.
        92..96 => {
            let window = world.roll(world.model.windows.len());
            match world.model.windows[window].at[door].session {
                Some(session) => Act::EndOne(session),
                None => Act::EndOthers,
            }
        }
        _ => Act::Password(somebody(world, door), true, false),
    }
}

fn password(world: &mut World) -> Proof {
    match world.roll(6) {
        0 | 1 => Proof::None,
        2 | 3 => Proof::WrongPassword,
        _ => Proof::Password,
    }
}

/// A new address, somebody's, or one that somebody left.
fn address(world: &mut World, door: usize) -> String {
    let left: Vec<String> = world
        .model
        .links
        .iter()
        .filter(|link| link.purpose == Purpose::EmailUndo && link.who / 2 == door)
        .map(|link| link.address.clone())
        .collect();
    match world.roll(10) {
        0 | 1 => {
            let who = door * 2 + world.roll(2);
            world.model.people[who].email.clone()
        }
        2 | 3 if !left.is_empty() => left[world.roll(left.len())].clone(),
        _ => format!("walker{}@home.example", world.number()),
    }
}

/// A link that was mailed a short while ago, most often at its own place.
fn press(world: &mut World, window: usize) -> Deed {
    let known: Vec<usize> = world.secrets.keys().copied().collect();
    // A notice comes with nearly everything, and its button takes the password away.
    let rare = world.roll(4) > 0;
    let known: Vec<usize> = known
        .into_iter()
        .filter(|link| !rare || world.model.links[*link].purpose != Purpose::NotMe)
        .collect();
    if known.is_empty() {
        return Deed::Wait(wait(world));
    }
    let recent = if world.roll(4) > 0 {
        known.len().min(3)
    } else {
        known.len()
    };
    let link = known[known.len() - 1 - world.roll(recent)];
    let own = world.model.links[link].purpose;
    let door = world.model.people[world.model.links[link].who].door;
    let places = [
        Purpose::PasswordReset,
        Purpose::EmailChange,
        Purpose::EmailUndo,
        Purpose::NotMe,
        Purpose::AccountSetup,
        Purpose::AddressConfirmation,
        Purpose::DeletionStop,
    ];
    let at = if world.roll(8) > 0 {
        own
    } else {
        places[world.roll(places.len())]
    };
    let door = if world.roll(12) == 0 { 1 - door } else { door };
    Deed::Act(window, door, Act::Press(link, at, code(world)))
}
