//! How many connections one network may hold at once, so that nobody takes all of them.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

type IsExempt = Box<dyn Fn(IpAddr) -> bool + Send + Sync>;
type OnRefused = Box<dyn Fn() + Send + Sync>;

/// The connections of each network.
pub struct Shares {
    held: Mutex<HashMap<IpAddr, usize>>,
    at_most: usize,
    is_exempt: IsExempt,
    on_refused: OnRefused,
}

/// A place that a connection holds until this is dropped.
pub struct Share {
    shares: Arc<Shares>,
    network: Option<IpAddr>,
}

impl Shares {
    /// Grants `at_most` connections to each network. Peers for which `is_exempt` holds are not counted: behind a proxy
    /// that is trusted, everybody comes from its address. `on_refused` is called for each connection without a place.
    pub fn new(
        at_most: usize,
        is_exempt: impl Fn(IpAddr) -> bool + Send + Sync + 'static,
        on_refused: impl Fn() + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            held: Mutex::default(),
            at_most,
            is_exempt: Box::new(is_exempt),
            on_refused: Box::new(on_refused),
        })
    }

    /// A place for a connection from `peer`; `None` when its network holds all that it may.
    pub fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Share> {
        let peer = peer.to_canonical();
        let network = (!(self.is_exempt)(peer)).then(|| network(peer));
        if let Some(network) = network {
            let mut held = self.held();
            let count = held.entry(network).or_default();
            if *count >= self.at_most {
                (self.on_refused)();
                return None;
            }
            *count += 1;
        }
        Some(Share {
            shares: Arc::clone(self),
            network,
        })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let Some(network) = self.network else {
            return;
        };
        let mut held = self.shares.held();
        if let Some(count) = held.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                held.remove(&network);
            }
        }
    }
}

/// An IPv4 address, or the /48 of an IPv6 address: the largest network that one customer is given (RFC 6177).
fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Red when one network takes more than its share, another one pays for it, or a place is never given back.
    #[test]
    fn a_network_holds_no_more_than_its_share() {
        let refused = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&refused);
        let shares = Shares::new(
            2,
            |peer| peer.is_loopback(),
            move || {
                count.fetch_add(1, Ordering::Relaxed);
            },
        );
        let take = |peer: &str| shares.take(peer.parse().unwrap());
        for (one, same, other) in [
            ("203.0.113.5", "::ffff:203.0.113.5", "203.0.113.6"),
            ("2001:db8:1:2::5", "2001:db8:1:ffff::6", "2001:db8:2::5"),
        ] {
            let held = (take(one).unwrap(), take(same).unwrap());
            assert!(take(one).is_none() && take(same).is_none(), "{one}");
            assert!(take(other).is_some(), "{other}");
            drop(held);
            assert!(take(one).is_some(), "{one}");
        }
        assert_eq!(refused.load(Ordering::Relaxed), 4);
        let exempt: Vec<_> = (0..9).map_while(|_| take("127.0.0.1")).collect();
        assert_eq!(exempt.len(), 9);
        drop(exempt);
        assert!(shares.held().is_empty(), "nothing is kept of who is gone");
    }
}
