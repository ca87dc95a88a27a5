//! Asks the name system whether a domain takes mail (RFC 5321, section 5.1; RFC 7505).

use async_trait::async_trait;
use domain::MailDomain;
use hickory_resolver::{
    ResolverBuilder, TokioResolver,
    config::ResolveHosts,
    net::{DnsError, NetError, NoRecords, runtime::TokioRuntimeProvider},
    proto::{
        op::ResponseCode,
        rr::{Name, RData},
    },
};
use identity::MailDomains;
use std::time::Duration;

/// How long one server of names is waited for.
const TIME_OUT: Duration = Duration::from_millis(900);
/// A domain that appears meanwhile is found after that long.
const LONGEST_MEMORY: Duration = Duration::from_mins(10);

/// The resolver that the system is configured for.
pub struct SystemResolver(TokioResolver);

impl SystemResolver {
    /// Reads the configuration of the system; `None`, with a warning, when there is none. Nothing is sent yet.
    pub fn from_system() -> Option<Self> {
        let built = TokioResolver::builder_tokio().and_then(Self::build);
        built
            .inspect_err(|error| {
                tracing::warn!(%error, "Mail domains are not looked up: the system names no resolver");
            })
            .ok()
    }

    fn build(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Result<Self, NetError> {
        let options = builder.options_mut();
        options.timeout = TIME_OUT;
        options.attempts = 1;
        options.use_hosts_file = ResolveHosts::Never;
        options.positive_max_ttl = Some(LONGEST_MEMORY);
        options.negative_max_ttl = Some(LONGEST_MEMORY);
        builder.build().map(Self)
    }
}

#[async_trait]
impl MailDomains for SystemResolver {
    async fn ask(&self, domain: &str) -> MailDomain {
        if domain.is_empty() {
            return MailDomain::Unknown;
        }
        // With its last dot it is not looked for among the names of the own network.
        let Ok(name) = Name::from_ascii(format!("{domain}.")) else {
            return MailDomain::Unknown;
        };
        match self.0.mx_lookup(name.clone()).await {
            Ok(found) => {
                let servers = found
                    .answers()
                    .iter()
                    .filter_map(|record| match &record.data {
                        RData::MX(server) => Some(!server.exchange.is_root()),
                        _ => None,
                    });
                of_servers(servers)
            }
            Err(error) => match missing(&error) {
                Some(ResponseCode::NoError) => self.ask_for_address(name).await,
                code => of_code(code),
            },
        }
    }
}

impl SystemResolver {
    /// Without a mail server, mail goes to the address of the domain itself.
    async fn ask_for_address(&self, name: Name) -> MailDomain {
        match self.0.lookup_ip(name).await {
            Ok(_) => MailDomain::Takes,
            Err(error) => of_code(missing(&error)),
        }
    }
}

/// The code of an answer without records; `None` for everything else that went wrong.
fn missing(error: &NetError) -> Option<ResponseCode> {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(NoRecords { response_code, .. })) => {
            Some(*response_code)
        }
        _ => None,
    }
}

fn of_code(code: Option<ResponseCode>) -> MailDomain {
    match code {
        Some(ResponseCode::NXDomain) => MailDomain::DoesNotExist,
        Some(ResponseCode::NoError) => MailDomain::TakesNoMail,
        _ => MailDomain::Unknown,
    }
}

/// What the mail servers of a domain say, each by whether it has a name: one without says that no mail is taken.
fn of_servers(servers: impl Iterator<Item = bool>) -> MailDomain {
    servers.fold(MailDomain::Unknown, |said, has_name| {
        match (said, has_name) {
            (MailDomain::Takes, _) | (_, true) => MailDomain::Takes,
            (_, false) => MailDomain::TakesNoMail,
        }
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test may panic")]

    use super::*;
    use hickory_resolver::{
        config::{ConnectionConfig, NameServerConfig, ResolverConfig},
        proto::{
            op::{Message, MessageType},
            rr::{
                Record, RecordType,
                rdata::{A, MX},
            },
        },
    };
    use std::net::Ipv4Addr;
    use tokio::net::UdpSocket;

    /// What a server of names on this machine says: to a question about mail servers, and to every other one.
    type Zone = fn(&str, RecordType) -> (ResponseCode, Option<RData>);

    async fn answer(socket: &UdpSocket, zone: Zone) {
        let mut packet = [0; 512];
        let (length, from) = socket.recv_from(&mut packet).await.unwrap();
        let mut message = Message::from_vec(&packet[..length]).unwrap();
        let question = message.queries[0].clone();
        let name = question.name().to_string().to_lowercase();
        let (code, data) = zone(name.trim_end_matches('.'), question.query_type());
        message.metadata.message_type = MessageType::Response;
        message.metadata.response_code = code;
        if let Some(data) = data {
            message.add_answer(Record::from_rdata(question.name().clone(), 60, data));
        }
        let packet = message.to_vec().unwrap();
        socket.send_to(&packet, from).await.unwrap();
    }

    async fn resolver(zone: Zone) -> SystemResolver {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let mut connection = ConnectionConfig::udp();
        connection.port = socket.local_addr().unwrap().port();
        let mut server = NameServerConfig::udp(Ipv4Addr::LOCALHOST.into());
        server.connections = vec![connection];
        tokio::spawn(async move {
            loop {
                answer(&socket, zone).await;
            }
        });
        let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
        let provider = TokioRuntimeProvider::default();
        SystemResolver::build(TokioResolver::builder_with_config(config, provider)).unwrap()
    }

    fn zone(name: &str, kind: RecordType) -> (ResponseCode, Option<RData>) {
        let mail = |server: &str| {
            let server = Name::from_ascii(server).unwrap();
            (kind == RecordType::MX).then_some(RData::MX(MX::new(10, server)))
        };
        let address = || (kind == RecordType::A).then_some(RData::A(A(Ipv4Addr::LOCALHOST)));
        match name {
            "served.example" => (ResponseCode::NoError, mail("mx.served.example.")),
            "refusing.example" => (ResponseCode::NoError, mail(".")),
            "addressed.example" => (ResponseCode::NoError, address()),
            "empty.example" => (ResponseCode::NoError, None),
            "failing.example" => (ResponseCode::ServFail, None),
            "refused.example" => (ResponseCode::Refused, None),
            _ => (ResponseCode::NXDomain, None),
        }
    }

    /// Red when an error of a server counts as a missing domain, or a domain without mail servers as one without mail.
    #[tokio::test]
    async fn the_answers_of_a_name_server_are_told_apart() {
        let resolver = resolver(zone).await;
        for (domain, said) in [
            ("served.example", MailDomain::Takes),
            ("refusing.example", MailDomain::TakesNoMail),
            ("addressed.example", MailDomain::Takes),
            ("empty.example", MailDomain::TakesNoMail),
            ("missing.example", MailDomain::DoesNotExist),
            ("failing.example", MailDomain::Unknown),
            ("refused.example", MailDomain::Unknown),
            ("", MailDomain::Unknown),
            ("a..b", MailDomain::Unknown),
        ] {
            assert_eq!(resolver.ask(domain).await, said, "{domain}");
        }
    }
}
