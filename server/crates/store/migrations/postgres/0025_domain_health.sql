-- Domains of the addresses of managers and agents: on how many days in a row they took no mail. An address whose domain took none
-- for too long is doubted until it is confirmed again.
alter table accounts add column email_doubted_at bigint;
create table domain_health (
    domain text not null primary key,
    bad_days bigint not null,
    looked_at bigint not null
);
create index domain_health_age on domain_health (looked_at);
