-- The choice to stay signed in survives the second step.
alter table sign_ins add column stay boolean not null default false;

-- What was typed into a form that was posted after its session had ended, sealed for the account.
-- It goes to the next session of that account in the same browser, and to nobody else.
create table drafts (
    session_id text not null references sessions (id) on delete cascade,
    page text not null,
    sealed bytea not null,
    expires_at bigint not null,
    primary key (session_id, page)
);
create index drafts_expiry on drafts (expires_at);
