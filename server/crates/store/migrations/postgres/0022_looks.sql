-- How an organisation looks, and whom its mails are from. A mail knows its organisation, since that may change until it is
-- sent.
alter table organisations add column colour text;
alter table organisations add column sender_name text;
alter table organisations add column reply_to text;
alter table outbox add column organisation_id text references organisations (id) on delete set null;
