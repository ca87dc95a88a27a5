-- A session may rest on the password and a remembered browser: one more method.
create table sessions_new (
    id text not null primary key,
    realm text not null,
    account_id text not null references accounts (id) on delete cascade,
    token_hash blob not null unique check (length(token_hash) = 32),
    method text not null check (method in (
        'password', 'password_totp', 'password_recovery_code', 'password_device'
    )),
    created_at integer not null,
    proved_at integer not null,
    last_seen_at integer not null,
    network text not null,
    user_agent text not null,
    revoked_at integer,
    project text,
    stay integer not null default 0
) strict;
insert into sessions_new (id, realm, account_id, token_hash, method, created_at, proved_at,
    last_seen_at, network, user_agent, revoked_at, project, stay)
select id, realm, account_id, token_hash, method, created_at, proved_at,
    last_seen_at, network, user_agent, revoked_at, project, stay
from sessions;
drop table sessions;
alter table sessions_new rename to sessions;
create index sessions_account on sessions (account_id);

-- Old counts of wrong guesses are swept by their age.
create index guesses_last on guesses (last_at);
