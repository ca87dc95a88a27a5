-- Recovery codes that their owner has not said to have saved: shown again to the session that made them.
create table unsaved_codes (
    account_id text not null primary key references recovery_sets (account_id) on delete cascade,
    session_id text not null references sessions (id) on delete cascade,
    sealed blob not null
) strict;
create index unsaved_codes_session on unsaved_codes (session_id);
