//! The running server: listener, jobs, and a stop that loses nothing.

use crate::{
    AppState, Config,
    edge::{
        accept::{self, MAX_OF_A_NETWORK},
        shares::Shares,
    },
    jobs, live, lmtp, router,
};
use anyhow::Context as _;
use std::{
    future::Future,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    task::Poll,
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
    time::{interval, timeout},
};

/// Connections of one monitoring program.
const METRICS_CONNECTIONS: usize = 16;
/// How often it is written how many tries were refused; a crash loses as much.
const COUNT_EVERY: Duration = Duration::from_secs(30);
/// What remains for jobs and the database of the ten seconds that a stop may take.
const STOP_TIMEOUT: Duration = Duration::from_millis(1500);

/// Serves until `stop` is done; `ready` is called with the address once requests are answered.
pub async fn run(
    state: Arc<AppState>,
    stop: impl Future<Output = ()>,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    for warning in state.config.warnings() {
        tracing::warn!("{warning}");
    }
    let listener = TcpListener::bind(state.config.listen)
        .await
        .with_context(|| cannot_listen(&state))?;
    let address = listener.local_addr()?;
    let (stopping, stopped) = watch::channel(false);
    let mut stopping_seen = stopped.clone();
    let jobs_stop = async move {
        let _ = stopping_seen.wait_for(|stopping| *stopping).await;
    };
    let mut jobs = tokio::spawn(jobs::run(Arc::clone(&state), jobs_stop));
    let telling = Arc::clone(&state);
    let telling = tokio::spawn(async move { live::run(&telling.live, &telling.identity).await });
    let (drained, all_answered) = watch::channel(false);
    let counting = tokio::spawn(write_refused_tries(Arc::clone(&state), all_answered));
    let metrics = match state.config.metrics_listen {
        Some(address) => Some(serve_metrics(&state, address, stopped.clone()).await?),
        None => None,
    };
    let lmtp = match &state.config.lmtp_listen {
        Some(socket) => Some(
            lmtp::listen(socket, Arc::clone(&state.identity))
                .await
                .with_context(|| format!("BPART_LMTP_LISTEN {socket} cannot be used"))?,
        ),
        None => None,
    };
    tracing::info!(server.address = %address, "Serving");
    ready(address);
    let answer = router::around(Arc::clone(&state), router::build(Arc::clone(&state)));
    let (config_of, metrics_of) = (Arc::clone(&state), Arc::clone(&state));
    let live_of = Arc::clone(&state);
    let shares = Shares::new(
        MAX_OF_A_NETWORK,
        move |peer| is_exempt(&config_of.config, peer),
        move || metrics_of.metrics.close_connection(),
    );
    accept::serve(listener, answer, shares, async {
        stop.await;
        tracing::info!("Stopping: running requests are finished first");
        live_of.live.close();
        let _ = stopping.send(true);
    })
    .await;
    // A job may take longer than there is time: its transaction is rolled back, and it is done again
    // when its lease has ended.
    if timeout(STOP_TIMEOUT, &mut jobs).await.is_err() {
        jobs.abort();
    }
    telling.abort();
    for listener in [metrics, lmtp].into_iter().flatten() {
        listener.abort();
    }
    // Not aborted: it could be between writing a count and taking it off. The last requests were refused a moment ago.
    drained.send_replace(true);
    let _ = timeout(STOP_TIMEOUT, counting).await;
    let _ = timeout(STOP_TIMEOUT, state.identity.store.close()).await;
    tracing::info!("Stopped");
    Ok(())
}

/// Whether the connections of a peer are not counted: behind a proxy that is trusted everybody comes from its address, and
/// a peer on this machine is mostly a proxy.
fn is_exempt(config: &Config, peer: IpAddr) -> bool {
    peer.is_loopback() || config.trusts(peer)
}

/// Writes from time to time, and after the last request, how many tries of each account were refused.
async fn write_refused_tries(state: Arc<AppState>, mut all_answered: watch::Receiver<bool>) {
    let mut every = interval(COUNT_EVERY);
    let mut is_last = false;
    while !is_last {
        tokio::select! {
            _ = every.tick() => {}
            _ = all_answered.wait_for(|drained| *drained) => is_last = true,
        }
        if let Err(error) = state.identity.write_refused_tries().await {
            tracing::warn!(%error, "Refused tries wait to be counted");
        }
    }
}

/// Serves the metrics on a listener of their own, so that a proxy for visitors never reaches them.
async fn serve_metrics(
    state: &Arc<AppState>,
    address: SocketAddr,
    mut stopped: watch::Receiver<bool>,
) -> anyhow::Result<JoinHandle<()>> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("BPART_METRICS_LISTEN {address} cannot be used"))?;
    let answer = router::for_monitoring(Arc::clone(state));
    let shares = Shares::new(METRICS_CONNECTIONS, |_| false, || {});
    Ok(tokio::spawn(accept::serve(
        listener,
        answer,
        shares,
        async move {
            let _ = stopped.wait_for(|stopping| *stopping).await;
        },
    )))
}

fn cannot_listen(state: &AppState) -> String {
    let address = state.config.listen;
    let mut other = address;
    other.set_port(address.port().wrapping_add(1).max(1024));
    format!("BPART_LISTEN {address} cannot be used; another port may be free: BPART_LISTEN={other}")
}

/// Waits for the signal that ends the program: Ctrl-C, SIGTERM, or SIGHUP, which a closed terminal sends. All are heard
/// from this call on, and not only once somebody waits: before that, each would end the program on the spot.
///
/// # Errors
/// The system does not let the program hear them.
#[cfg(unix)]
pub fn signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut heard = [
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
        signal(SignalKind::hangup())?,
    ];
    Ok(std::future::poll_fn(move |context| {
        let is_heard = heard
            .iter_mut()
            .any(|one| one.poll_recv(context).is_ready());
        if is_heard {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }))
}

/// Waits for Ctrl-C.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;

    /// Red when all visitors behind a trusted proxy share the places of one network, or a network of strangers is exempt.
    #[test]
    fn trusted_proxies_have_no_share() {
        let proxies = "10.0.0.0/8,2001:db8:7::/48".to_owned();
        let variables = [("BPART_TRUSTED_PROXIES".to_owned(), proxies)];
        let config = Config::from_parts(None, variables.into_iter()).unwrap();
        let shares = Shares::new(1, move |peer| is_exempt(&config, peer), || {});
        for (peer, exempt) in [
            ("10.0.0.1", true),
            ("::ffff:10.0.0.1", true),
            ("2001:db8:7::5", true),
            ("127.0.0.1", true),
            ("::1", true),
            ("203.0.113.5", false),
            ("2001:db8:8::5", false),
        ] {
            let peer: IpAddr = peer.parse().unwrap();
            let first = shares.take(peer);
            assert!(first.is_some(), "{peer}");
            assert_eq!(shares.take(peer).is_some(), exempt, "{peer}");
        }
    }
}
