-- Google and Microsoft: accounts there that open accounts here.

-- How a session was opened is two steps now: either first step may be followed by any second.
alter table sessions add column first_step text not null default 'password'
    constraint sessions_first_step_check check (first_step in ('password', 'google', 'microsoft'));
alter table sessions alter column first_step drop default;
alter table sessions add column second_step text
    constraint sessions_second_step_check check (second_step in (
        'code', 'recovery_code', 'remembered_device', 'providers_own'
    ));
update sessions set second_step = case method
    when 'password_totp' then 'code'
    when 'password_recovery_code' then 'recovery_code'
    when 'password_device' then 'remembered_device'
end;
alter table sessions drop column method;

-- What a begun sign-in rests on: a step, and since when the account has what that step asks for.
alter table sign_ins add column first_step text not null default 'password'
    constraint sign_ins_first_step_check check (first_step in ('password', 'google', 'microsoft'));
alter table sign_ins alter column first_step drop default;
alter table sign_ins rename column password_set_at to first_since;

-- (issuer, subject) is who somebody is at a provider: for Microsoft tenant id and object id. The
-- address is what it was when the account was linked, and opens nothing.
create table linked_accounts (
    id text not null primary key,
    account_id text not null references accounts (id) on delete cascade,
    provider text not null check (provider in ('google', 'microsoft')),
    issuer text not null check (length(issuer) > 0),
    subject text not null check (length(subject) > 0),
    email text,
    linked_at bigint not null,
    last_used_at bigint,
    unique (provider, issuer, subject),
    unique (account_id, provider)
);

-- Somebody was sent to a provider, and what for. The row goes when she is back.
create table provider_flows (
    id text not null primary key,
    provider text not null check (provider in ('google', 'microsoft')),
    state_hash bytea not null unique check (length(state_hash) = 32),
    browser_hash bytea not null check (length(browser_hash) = 32),
    aim text not null check (aim in ('sign_in', 'link', 'invitation')),
    account_id text references accounts (id) on delete cascade,
    session_id text references sessions (id) on delete cascade,
    sealed bytea not null,
    locale text not null check (locale in ('en', 'fr')),
    created_at bigint not null,
    check ((aim = 'sign_in') = (account_id is null)),
    check ((aim = 'link') = (session_id is not null))
);
create index provider_flows_account on provider_flows (account_id) where account_id is not null;
create index provider_flows_session on provider_flows (session_id) where session_id is not null;
create index provider_flows_age on provider_flows (created_at);

-- Whether a provider's own second factor is enough for who works here.
alter table organisations add column accepts_provider_factor boolean not null default false;
