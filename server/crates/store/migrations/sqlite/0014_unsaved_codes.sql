-- Recovery codes that their owner has not said to have saved: shown again to the session that made them.
create table unsaved_codes (
    account_id text not null primary key references recovery_sets (account_id) on delete cascade,
    session_id text not null references sessions (id) on delete cascade,
    sealed blob not null,
    created_at integer not null
) strict;
create index unsaved_codes_session on unsaved_codes (session_id);
create index unsaved_codes_age on unsaved_codes (created_at);

-- When a code of the set or of an earlier one was last used: new codes do not bring a lost phone back.
alter table recovery_sets add column last_used_at integer;
update recovery_sets set last_used_at = (
    select max(used_at) from recovery_codes where recovery_codes.account_id = recovery_sets.account_id
);
