-- When the owner of the address said that they did not register. A corrected address forgets it.
alter table registrations add column denied_at integer;
