-- Proposals of a project, and who supports them. A support of somebody whose address is not confirmed waits with the
-- registration, goes with it, and is counted when the address is confirmed.
alter table organisations add column takes_part_first integer not null default 0
    check (takes_part_first in (0, 1));
create table proposals (
    id text not null primary key,
    project_id text not null references projects (id) on delete cascade,
    title_en text not null,
    title_fr text not null,
    text_en text not null,
    text_fr text not null,
    created_at integer not null
) strict;
create index proposals_project on proposals (project_id, created_at, id);
create table supports (
    proposal_id text not null references proposals (id) on delete cascade,
    account_id text not null references accounts (id) on delete cascade,
    created_at integer not null,
    primary key (proposal_id, account_id)
) strict;
create index supports_account on supports (account_id, created_at, proposal_id);
create table waiting_supports (
    registration_id text not null references registrations (id) on delete cascade,
    proposal_id text not null references proposals (id) on delete cascade,
    created_at integer not null,
    primary key (registration_id, proposal_id)
) strict;
create index waiting_supports_proposal on waiting_supports (proposal_id);
