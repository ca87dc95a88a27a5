-- When the owner of the address said that they did not register. Of which address that was, since it may be corrected.
alter table registrations add column denied_at integer;
alter table registrations add column denied_key text;
