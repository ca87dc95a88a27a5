//! The accept loop.
//!
//! `axum::serve` (0.8) installs no timer, so that hyper's time limit for request headers never
//! runs and a half-sent header stays open for ever (slowloris). This loop sets the limit, caps
//! the number of connections, and stops gracefully.

use axum::extract::ConnectInfo;
use hyper::{
    Request, Response,
    body::{Body, Incoming},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use std::{
    convert::Infallible, error::Error, future::Future, net::SocketAddr, sync::Arc, time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tower::{Service, ServiceExt as _};

/// The whole header of a request must arrive within this time.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections at once; further ones wait in the system's queue. An idle one costs about 6 kB.
pub const MAX_CONNECTIONS: usize = 4096;
/// After this time a stopping server no longer waits for its connections.
pub const GRACE: Duration = Duration::from_secs(8);

/// Answers requests with `answer` until `stop` is done, then lets running ones finish for at most
/// [`GRACE`].
pub async fn serve<S, B>(listener: TcpListener, answer: S, stop: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    // Without this it would wait for the first bytes, to tell HTTP/2 from HTTP/1, and no timer runs
    // while it does: silent connections would keep their places for ever.
    let mut server = Builder::new(TokioExecutor::new()).http1_only();
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT);
    tokio::pin!(stop);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut stop => break,
        };
        let Ok(place) = place else { break };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, mostly: the next moment may be better.
                    tracing::warn!(%error, "A connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let connection = connection(&server, stream, peer, answer.clone());
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A broken connection is the other side's business.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("Some connections did not finish in time and were cut");
    }
}

fn connection<S, B>(
    server: &Builder<TokioExecutor>,
    stream: TcpStream,
    peer: SocketAddr,
    answer: S,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = impl Send> + Send + 'static
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    // Answers are small and wanted at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        answer.clone().oneshot(request)
    });
    server
        .serve_connection(TokioIo::new(stream), service)
        .into_owned()
}
