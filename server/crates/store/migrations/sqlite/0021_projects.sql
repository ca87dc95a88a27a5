-- What a project lets people do, and who may read a private one: addresses, since some of them have no account yet.
alter table projects add column takes_registrations integer not null default 1 check (takes_registrations in (0, 1));
alter table projects add column takes_sign_ins integer not null default 1 check (takes_sign_ins in (0, 1));
alter table projects add column is_private integer not null default 0 check (is_private in (0, 1));
create table project_readers (
    project_id text not null references projects (id) on delete cascade,
    email_key text not null,
    created_at integer not null,
    primary key (project_id, email_key)
) strict;
create index project_readers_address on project_readers (email_key);
