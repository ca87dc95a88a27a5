-- A link may confirm the address of an account that was not signed in to yet. SQLite changes no check: the table is made anew.
create table tokens_new (
    id text not null primary key,
    purpose text not null check (purpose in (
        'account_setup', 'password_reset', 'address_confirmation', 'email_change', 'email_undo', 'not_me',
        'deletion_stop'
    )),
    account_id text not null references accounts (id) on delete cascade,
    token_hash blob not null unique check (length(token_hash) = 32),
    code_sealed blob,
    request_hash blob check (length(request_hash) = 32),
    pending text,
    created_at integer not null,
    expires_at integer not null,
    consumed_at integer,
    void_at integer
) strict;
insert into tokens_new (id, purpose, account_id, token_hash, code_sealed, request_hash, pending, created_at, expires_at,
    consumed_at, void_at)
select id, purpose, account_id, token_hash, code_sealed, request_hash, pending, created_at, expires_at, consumed_at, void_at
from tokens;
drop table tokens;
alter table tokens_new rename to tokens;
create index tokens_account on tokens (account_id, created_at, id);
create index tokens_request on tokens (request_hash, created_at, id)
    where request_hash is not null;
create index tokens_expiry on tokens (expires_at);
create index tokens_consumed on tokens (consumed_at) where consumed_at is not null;
create index tokens_void on tokens (void_at) where void_at is not null;
create index tokens_reserved on tokens (lower(pending)) where purpose = 'email_undo';
