-- One's own account: forgotten passwords, addresses, sessions, remembered devices, the chained log.

-- A token may carry a short code beside its link (sealed, since it is too short to be hashed), and
-- is then bound to the browser that asked for it.
create table tokens_new (
    id text not null primary key,
    purpose text not null check (purpose in (
        'account_setup', 'password_reset', 'email_change', 'email_undo', 'not_me', 'deletion_stop'
    )),
    account_id text not null references accounts (id) on delete cascade,
    token_hash bytea not null unique check (length(token_hash) = 32),
    code_sealed bytea,
    request_hash bytea check (length(request_hash) = 32),
    pending text,
    created_at bigint not null,
    expires_at bigint not null,
    consumed_at bigint,
    void_at bigint
);
insert into tokens_new (id, purpose, account_id, token_hash, pending, created_at, expires_at,
    consumed_at, void_at)
select id, purpose, account_id, token_hash, pending, created_at, expires_at, consumed_at, void_at
from tokens;
drop table tokens;
alter table tokens_new rename to tokens;
create index tokens_account on tokens (account_id);
create index tokens_request on tokens (request_hash) where request_hash is not null;

-- Wishes for a new password, as they were typed; whether there is an account is found out later,
-- so that the answer cannot depend on it.
create table reset_requests (
    id text not null primary key,
    sealed bytea not null,
    created_at bigint not null
);

-- Which project's door a session came through, and whether it may outlive the browser.
alter table sessions add column project text;
alter table sessions add column stay boolean not null default false;

-- Browsers that an account was signed in with: known ones are not locked out by strangers, and a
-- remembered one is not asked for a code until then.
create table devices (
    id text not null primary key,
    account_id text not null references accounts (id) on delete cascade,
    token_hash bytea not null unique check (length(token_hash) = 32),
    created_at bigint not null,
    last_seen_at bigint not null,
    remembered_until bigint,
    network text not null,
    user_agent text not null
);
create index devices_account on devices (account_id);

-- Consecutive wrong guesses: the wait for the next one grows with their number.
create table guesses (
    key text not null primary key,
    wrong bigint not null,
    not_before bigint not null,
    last_at bigint not null
);

-- The log is a chain: each line's tag covers the line and the tag before it. The account holds the
-- end of its chain, so that a line cut off the end is missed too. Lines that are older than the
-- chain have no number.
alter table accounts add column activity_lines bigint not null default 0;
alter table accounts add column activity_tag bytea;
alter table activity add column line bigint;
alter table activity add column tag bytea;
create unique index activity_chain on activity (account_id, line) where line is not null;

-- Somebody asked for the account to be deleted at this time.
alter table accounts add column deletion_at bigint;
