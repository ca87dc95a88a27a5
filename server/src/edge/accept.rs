//! The accept loop.
//!
//! `axum::serve` (0.8) installs no timer, so that hyper's time limit for request headers never
//! runs and a half-sent header stays open for ever (slowloris). This loop sets the limit, cuts
//! clients that do not read their response, caps the number of connections and those of each network, and stops
//! gracefully.

use super::{shares::Shares, write_timeout::WriteTimeout};
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
/// The largest header of a request, in bytes; hyper's own bound is 400 kB for each connection. Our cookies and a long
/// address together are not half of it.
pub const MAX_HEADER: usize = 32 * 1024;
/// Connections at once; further ones wait in the system's queue. An idle one costs about 6 kB.
pub const MAX_CONNECTIONS: usize = 4096;
/// Connections that one network may hold at once: an eighth of all. A town hall whose employees share one address needs
/// some hundred.
pub const MAX_OF_A_NETWORK: usize = MAX_CONNECTIONS / 8;
/// The time after which a connection is cut when the client takes nothing of a response. Counted from
/// the last byte taken: a phone in a tunnel sends its packets again after 1, 2, 4, 8, 16 seconds.
pub const WRITE_TIMEOUT: Duration = Duration::from_mins(1);
/// After this time a stopping server no longer waits for its connections.
pub const GRACE: Duration = Duration::from_secs(8);

/// Answers requests with `answer` until `stop` is done, then lets running ones finish for at most
/// [`GRACE`]. A connection for which `shares` has no place is closed at once.
pub async fn serve<S, B>(
    listener: TcpListener,
    answer: S,
    shares: Arc<Shares>,
    stop: impl Future<Output = ()>,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let server = server();
    tokio::pin!(stop);
    loop {
        let slot = tokio::select! {
            slot = Arc::clone(&slots).acquire_owned() => slot,
            () = &mut stop => break,
        };
        let Ok(slot) = slot else { break };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Mostly for lack of file descriptors, which may be free a moment later.
                    tracing::warn!(%error, "A connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let Some(share) = shares.take(peer.ip()) else {
            continue;
        };
        let stream = (stream, WRITE_TIMEOUT);
        let connection = connection(&server, stream, peer, answer.clone());
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that the client broke needs no answer.
            let _ = connection.await;
            drop((slot, share));
        });
    }
    drop(listener);
    if timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("Some connections did not finish in time and were cut");
    }
}

fn server() -> Builder<TokioExecutor> {
    // Otherwise hyper waits for the first bytes, to tell HTTP/2 from HTTP/1, without a timer: silent
    // connections would hold their slots for ever.
    let mut server = Builder::new(TokioExecutor::new()).http1_only();
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADER);
    server
}

fn connection<S, B>(
    server: &Builder<TokioExecutor>,
    (stream, patience): (TcpStream, Duration),
    peer: SocketAddr,
    answer: S,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = impl Send> + Send + 'static
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    // Responses are small and should leave at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        answer.clone().oneshot(request)
    });
    server
        .serve_connection(TokioIo::new(WriteTimeout::new(stream, patience)), service)
        .into_owned()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;
    use axum::body::Bytes;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpSocket,
        task::JoinHandle,
        time::interval,
    };

    /// More than the system keeps for a connection on both of its sides.
    const ANSWER: usize = 16 << 20;
    const PATIENCE: Duration = Duration::from_millis(500);

    /// A client that asked for a large response, and how its connection ends.
    async fn asked() -> (TcpStream, JoinHandle<bool>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(64 << 10).unwrap();
        let address = listener.local_addr().unwrap();
        let mut reader = socket.connect(address).await.unwrap();
        let (stream, peer) = listener.accept().await.unwrap();
        let served = tokio::spawn(async move {
            let answer = tower::service_fn(async |_: Request<Incoming>| {
                let body = axum::body::Body::from(Bytes::from(vec![b'x'; ANSWER]));
                Ok::<_, Infallible>(Response::new(body))
            });
            let stream = (stream, PATIENCE);
            connection(&server(), stream, peer, answer).await.is_ok()
        });
        let request = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        reader.write_all(request).await.unwrap();
        (reader, served)
    }

    /// Red when nothing limits the time in which an answer is read.
    #[tokio::test]
    async fn whoever_never_reads_her_answer_is_cut() {
        let (reader, served) = asked().await;
        let ended = timeout(PATIENCE * 20, served).await;
        assert!(!ended.expect("still open").unwrap(), "cut, not finished");
        drop(reader);
    }

    /// Red when a network that holds its share is answered, or its connection stays open.
    #[tokio::test]
    async fn a_network_without_a_place_is_closed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answer = tower::service_fn(async |_: Request<Incoming>| {
            Ok::<_, Infallible>(Response::new(axum::body::Body::empty()))
        });
        let shares = Shares::new(1, |_| false, || {});
        let served = tokio::spawn(serve(listener, answer, shares, std::future::pending()));
        let ask = async |stream: &mut TcpStream| {
            let request = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
            // The other side may have closed already.
            let _ = stream.write_all(request).await;
            let mut begin = [0; 12];
            stream.read_exact(&mut begin).await.map(|_| begin)
        };
        let mut first = TcpStream::connect(address).await.unwrap();
        assert_eq!(&ask(&mut first).await.unwrap(), b"HTTP/1.1 200");
        let mut second = TcpStream::connect(address).await.unwrap();
        assert!(ask(&mut second).await.is_err());
        drop(first);
        let again = async {
            loop {
                let mut third = TcpStream::connect(address).await.unwrap();
                if ask(&mut third).await.is_ok() {
                    break;
                }
            }
        };
        timeout(PATIENCE * 20, again)
            .await
            .expect("its place is given back");
        served.abort();
    }

    /// Red when the time is counted from the beginning of the answer.
    #[tokio::test]
    async fn a_slow_line_is_no_crime() {
        let (mut reader, served) = asked().await;
        let mut pace = interval(PATIENCE / 4);
        let mut part = vec![0; ANSWER / 16];
        let mut read = 0;
        loop {
            pace.tick().await;
            match timeout(PATIENCE * 20, reader.read_exact(&mut part))
                .await
                .unwrap()
            {
                Ok(bytes) => read += bytes,
                Err(_end) => break,
            }
        }
        assert!(read >= ANSWER - ANSWER / 16, "{read} bytes");
        assert!(served.await.unwrap(), "it ended well");
    }
}
