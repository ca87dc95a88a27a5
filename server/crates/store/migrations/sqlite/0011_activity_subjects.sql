-- The activity log gets a second kind of subject, the organisation, with a chain of its own, and names
-- its actor: owner, another account (in which role, of which organisation), command line, system, unknown.
-- Lines from before name no kind of actor; their tags stay valid.
create table activity_new (
    id text not null primary key,
    account_id text references accounts (id) on delete cascade,
    organisation_id text references organisations (id) on delete cascade,
    actor_kind text check (
        actor_kind in ('owner', 'account', 'command_line', 'system', 'unknown')
    ),
    actor_id text references accounts (id) on delete set null,
    -- Both belong to the tag, so they outlive what they name.
    actor_role text,
    actor_organisation_id text,
    kind text not null,
    happened_at integer not null,
    network text not null,
    user_agent text not null,
    details text not null,
    line integer,
    tag blob,
    check ((account_id is null) <> (organisation_id is null))
) strict;
insert into activity_new (id, account_id, actor_id, kind, happened_at, network, user_agent, details,
    line, tag)
select id, account_id, actor_id, kind, happened_at, network, user_agent, details, line, tag
from activity;
drop table activity;
alter table activity_new rename to activity;
create index activity_account on activity (account_id, happened_at);
create index activity_actor on activity (actor_id);
create unique index activity_chain on activity (account_id, line) where line is not null;
create index activity_organisation on activity (organisation_id, happened_at)
    where organisation_id is not null;
create unique index activity_organisation_chain on activity (organisation_id, line)
    where line is not null;

alter table organisations add column activity_lines integer not null default 0;
alter table organisations add column activity_tag blob;
