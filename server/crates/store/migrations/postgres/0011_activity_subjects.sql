-- The activity log gets a second kind of subject, the organisation, with a chain of its own, and names
-- its actor: owner, another account (in which role, of which organisation), command line, system, unknown.
-- Lines from before name no kind of actor; their tags stay valid.
alter table activity alter column account_id drop not null;
alter table activity add column organisation_id text references organisations (id) on delete cascade;
alter table activity add column actor_kind text check (
    actor_kind in ('owner', 'account', 'command_line', 'system', 'unknown')
);
-- Both belong to the tag, so they outlive what they name.
alter table activity add column actor_role text;
alter table activity add column actor_organisation_id text;
alter table activity add constraint activity_subject
    check ((account_id is null) <> (organisation_id is null));
create index activity_organisation on activity (organisation_id, happened_at)
    where organisation_id is not null;
create unique index activity_organisation_chain on activity (organisation_id, line)
    where line is not null;

alter table organisations add column activity_lines bigint not null default 0;
alter table organisations add column activity_tag bytea;
