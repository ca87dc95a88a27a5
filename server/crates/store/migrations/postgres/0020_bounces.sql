-- A mail that a server took and that came back: when, and what was said. It belongs to the mail, and so to its address.
alter table outbox add column bounced_at bigint;
alter table outbox add column bounced_with text;
