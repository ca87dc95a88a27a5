-- Google and Microsoft: accounts there that open accounts here.

-- How a session was opened is two steps now: either first step may be followed by any second.
create table sessions_new (
    id text not null primary key,
    realm text not null,
    account_id text not null references accounts (id) on delete cascade,
    token_hash blob not null unique check (length(token_hash) = 32),
    first_step text not null check (first_step in ('password', 'google', 'microsoft')),
    second_step text check (second_step in (
        'code', 'recovery_code', 'remembered_device', 'providers_own'
    )),
    created_at integer not null,
    proved_at integer not null,
    last_seen_at integer not null,
    network text not null,
    user_agent text not null,
    revoked_at integer,
    project text,
    stay integer not null
) strict;
insert into sessions_new (id, realm, account_id, token_hash, first_step, second_step, created_at,
    proved_at, last_seen_at, network, user_agent, revoked_at, project, stay)
select id, realm, account_id, token_hash, 'password',
    case method
        when 'password_totp' then 'code'
        when 'password_recovery_code' then 'recovery_code'
        when 'password_device' then 'remembered_device'
    end,
    created_at, proved_at, last_seen_at, network, user_agent, revoked_at, project, stay
from sessions;
drop table sessions;
alter table sessions_new rename to sessions;
create index sessions_account on sessions (account_id);

-- What a begun sign-in rests on: a step, and since when the account has what that step asks for.
create table sign_ins_new (
    id text not null primary key,
    realm text not null,
    account_id text not null references accounts (id) on delete cascade,
    token_hash blob not null unique check (length(token_hash) = 32),
    first_step text not null check (first_step in ('password', 'google', 'microsoft')),
    first_since integer not null,
    wrong_codes integer not null,
    next text,
    stay integer not null,
    created_at integer not null,
    finished_at integer
) strict;
insert into sign_ins_new (id, realm, account_id, token_hash, first_step, first_since, wrong_codes,
    next, stay, created_at, finished_at)
select id, realm, account_id, token_hash, 'password', password_set_at, wrong_codes, next, stay,
    created_at, finished_at
from sign_ins;
drop table sign_ins;
alter table sign_ins_new rename to sign_ins;
create index sign_ins_account on sign_ins (account_id);

-- (issuer, subject) is who somebody is at a provider: for Microsoft tenant id and object id. The
-- address is what it was when the account was linked, and opens nothing.
create table linked_accounts (
    id text not null primary key,
    account_id text not null references accounts (id) on delete cascade,
    provider text not null check (provider in ('google', 'microsoft')),
    issuer text not null check (length(issuer) > 0),
    subject text not null check (length(subject) > 0),
    email text,
    linked_at integer not null,
    last_used_at integer,
    unique (provider, issuer, subject),
    unique (account_id, provider)
) strict;

-- Somebody was sent to a provider, and what for. The row goes when she is back.
create table provider_flows (
    id text not null primary key,
    provider text not null check (provider in ('google', 'microsoft')),
    state_hash blob not null unique check (length(state_hash) = 32),
    browser_hash blob not null check (length(browser_hash) = 32),
    aim text not null check (aim in ('sign_in', 'link', 'invitation')),
    account_id text references accounts (id) on delete cascade,
    session_id text references sessions (id) on delete cascade,
    sealed blob not null,
    locale text not null check (locale in ('en', 'fr')),
    created_at integer not null,
    check ((aim = 'sign_in') = (account_id is null)),
    check ((aim = 'link') = (session_id is not null))
) strict;
create index provider_flows_account on provider_flows (account_id) where account_id is not null;
create index provider_flows_session on provider_flows (session_id) where session_id is not null;
create index provider_flows_age on provider_flows (created_at);

-- Whether a provider's own second factor is enough for who works here.
alter table organisations add column accepts_provider_factor integer not null default 0
    check (accepts_provider_factor in (0, 1));
