-- For which registration a mail was written. A registration alone knows its newest mail, and forgets the others.
alter table outbox add column registration_id text references registrations (id) on delete set null;
create index outbox_registration on outbox (registration_id) where registration_id is not null;
update outbox set registration_id = (select min(registrations.id) from registrations where registrations.mail_id = outbox.id);
