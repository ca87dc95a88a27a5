-- Registrations whose address waits for its confirmation. Each has a password of its own: the account gets the one of the
-- registration whose link is used. `account_id` is empty while the registration waits for its mail, where the address has
-- an account already, and once it is over.
create table registrations (
    id text not null primary key,
    realm text not null,
    project text not null,
    email text not null,
    email_key text not null,
    name text not null,
    locale text not null,
    password_hash text not null,
    browser_hash bytea not null unique check (length(browser_hash) = 32),
    account_id text references accounts (id) on delete set null,
    mail_id text,
    mails bigint not null,
    next text,
    device text not null,
    network text not null,
    created_at bigint not null,
    answered_at bigint,
    confirmed_at bigint
);
create index registrations_address on registrations (realm, email_key, created_at, id);
create index registrations_account on registrations (account_id, created_at, id) where account_id is not null;
create index registrations_age on registrations (created_at);
