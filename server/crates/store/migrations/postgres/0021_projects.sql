-- What a project lets people do, and who may read a private one: addresses, since some of them have no account yet.
alter table projects add column takes_registrations boolean not null default true;
alter table projects add column takes_sign_ins boolean not null default true;
alter table projects add column is_private boolean not null default false;
create table project_readers (
    project_id text not null references projects (id) on delete cascade,
    email_key text not null,
    created_at bigint not null,
    primary key (project_id, email_key)
);
create index project_readers_address on project_readers (email_key);
