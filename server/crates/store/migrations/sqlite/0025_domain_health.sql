-- Domains of the addresses of managers and agents: on how many days in a row they took no mail. An address whose domain took none
-- for too long is doubted until it is confirmed again.
alter table accounts add column email_doubted_at integer;
create table domain_health (
    domain text not null primary key,
    bad_days integer not null,
    looked_at integer not null
) strict;
create index domain_health_age on domain_health (looked_at);
