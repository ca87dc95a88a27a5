//! Google and Microsoft: managers who come in with an account there, and everybody who must not.
//!
//! The providers are ours (`testkit::openid`): as strict as the real ones with what we ask, and as
//! false as a test wants with what they answer.

mod approval;
mod down;
mod factor;
mod google;
mod hijacking;
mod invitation;
mod link;
mod microsoft;
mod negatives;
mod own_data;
mod refusals;
mod round_trip;
