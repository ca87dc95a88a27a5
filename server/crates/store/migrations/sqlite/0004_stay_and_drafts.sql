-- The choice to stay signed in survives the second step.
alter table sign_ins add column stay integer not null default 0;

-- What was typed into a form that was posted after its session had ended, sealed for the account.
-- It goes to the next session of that account in the same browser, and to nobody else.
create table drafts (
    session_id text not null references sessions (id) on delete cascade,
    page text not null,
    sealed blob not null,
    expires_at integer not null,
    primary key (session_id, page)
) strict;
create index drafts_expiry on drafts (expires_at);
