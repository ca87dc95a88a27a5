//! Everything that is stored about one person.

use super::{Attachment, RequestContext};
use async_trait::async_trait;
use contract::{Answer, DataRecord, DataValue, EventKind, OwnData, OwnDataPort};
use domain::calendar;
use identity::{Field, Record, Value};

#[async_trait]
impl OwnDataPort for RequestContext {
    async fn own_data(&self) -> Answer<Option<OwnData>> {
        let who = self.who()?;
        let Some(data) = self.answer(self.state.identity.own_data(who)).await? else {
            return Ok(None);
        };
        let groups = data.groups.0.into_iter().map(|(group, records)| {
            let records = records.into_iter().map(|record| self.record(record));
            (group, records.collect())
        });
        Ok(Some(OwnData {
            at: self.moment(data.at),
            left_out: data.left_out,
            groups: groups.collect(),
        }))
    }

    async fn give_proof(&self, proof: &str) -> Answer<()> {
        let who = self.who()?;
        let identity = &self.state.identity;
        self.answer(identity.give_proof(who, proof, &self.client))
            .await?;
        self.renew_session().await;
        Ok(())
    }

    async fn download_data(&self) -> Answer<()> {
        let who = self.who()?;
        let identity = &self.state.identity;
        let json = self
            .answer(identity.download_data(who, &self.client))
            .await?;
        let now = calendar::machine(identity.clock.now());
        let (day, _) = now.split_once('T').unwrap_or((&now, ""));
        // A name that is none language’s words: the file is the same for every reader.
        let name = format!("bpart-{day}.json");
        self.response().attachment = Some(Attachment {
            name,
            kind: "application/json",
            content: json,
        });
        Ok(())
    }
}

impl RequestContext {
    fn record(&self, record: Record) -> DataRecord {
        let value = |(field, value): (Field, Value)| {
            let value = match value {
                Value::None => DataValue::None,
                Value::Text(text) => DataValue::Text(text),
                Value::Code(code) if field == Field::Event => {
                    DataValue::Event(EventKind::parse(&code))
                }
                Value::Code(code) => DataValue::Code(code),
                Value::Number(number) => DataValue::Number(number),
                Value::Time(at) => DataValue::Time(self.moment(at)),
            };
            (field, value)
        };
        record.into_iter().map(value).collect()
    }
}
