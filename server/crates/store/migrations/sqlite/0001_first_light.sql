-- The first tables. Never edit a migration that was released: add the next number, in both folders.
--
-- Ids are UUIDv7 as text, times unix milliseconds, flags 0 or 1 (a strict table knows no boolean),
-- secrets only as hashes or sealed. Nothing has a default: time and chance come from the caller.

create table organisations (
    id text not null primary key,
    slug text not null unique,
    name text not null,
    created_at integer not null
) strict;

create table projects (
    id text not null primary key,
    organisation_id text not null references organisations (id) on delete cascade,
    slug text not null,
    name_en text not null,
    name_fr text not null,
    unique (organisation_id, slug)
) strict;

-- `realm` is 'back_office' or the id of an organisation; `email_key` is what makes addresses equal.
create table accounts (
    id text not null primary key,
    realm text not null,
    email text not null,
    email_key text not null,
    name text not null,
    locale text not null check (locale in ('en', 'fr')),
    password_hash text,
    password_set_at integer,
    platform_role text check (platform_role in ('agent', 'administrator')),
    status text not null check (status in ('active', 'locked')),
    email_confirmed_at integer,
    created_at integer not null,
    updated_at integer not null,
    unique (realm, email_key),
    check ((password_hash is null) = (password_set_at is null)),
    check (platform_role is null or realm = 'back_office')
) strict;

create table memberships (
    account_id text not null references accounts (id) on delete cascade,
    organisation_id text not null references organisations (id) on delete cascade,
    role text not null check (role in ('organisation_manager', 'content_manager')),
    created_at integer not null,
    primary key (account_id, organisation_id)
) strict;
create index memberships_organisation on memberships (organisation_id);

create table sessions (
    id text not null primary key,
    realm text not null,
    account_id text not null references accounts (id) on delete cascade,
    token_hash blob not null unique check (length(token_hash) = 32),
    method text not null check (method in ('password', 'password_totp', 'password_recovery_code')),
    created_at integer not null,
    proved_at integer not null,
    last_seen_at integer not null,
    network text not null,
    user_agent text not null,
    revoked_at integer
) strict;
create index sessions_account on sessions (account_id);

create table sign_ins (
    id text not null primary key,
    realm text not null,
    account_id text not null references accounts (id) on delete cascade,
    token_hash blob not null unique check (length(token_hash) = 32),
    password_set_at integer not null,
    wrong_codes integer not null,
    next text,
    created_at integer not null,
    finished_at integer
) strict;
create index sign_ins_account on sign_ins (account_id);

create table totp_enrolments (
    account_id text not null primary key references accounts (id) on delete cascade,
    session_id text not null references sessions (id) on delete cascade,
    secret_sealed blob not null,
    created_at integer not null
) strict;
create index totp_enrolments_session on totp_enrolments (session_id);

create table totp_factors (
    account_id text not null primary key references accounts (id) on delete cascade,
    secret_sealed blob not null,
    confirmed_at integer not null,
    last_step integer not null,
    last_used_at integer not null
) strict;

create table recovery_sets (
    account_id text not null primary key references accounts (id) on delete cascade,
    parameters text not null,
    created_at integer not null
) strict;

create table recovery_codes (
    account_id text not null references recovery_sets (account_id) on delete cascade,
    position integer not null,
    hash blob not null,
    used_at integer,
    primary key (account_id, position)
) strict;

create table tokens (
    id text not null primary key,
    purpose text not null check (purpose in ('account_setup')),
    account_id text not null references accounts (id) on delete cascade,
    token_hash blob not null unique check (length(token_hash) = 32),
    pending text,
    created_at integer not null,
    expires_at integer not null,
    consumed_at integer,
    void_at integer
) strict;
create index tokens_account on tokens (account_id);

create table limits (
    key text not null primary key,
    tat integer not null
) strict;

create table flashes (
    token_hash blob not null primary key check (length(token_hash) = 32),
    sealed blob not null,
    expires_at integer not null
) strict;

create table outbox (
    id text not null primary key,
    account_id text references accounts (id) on delete set null,
    recipient text not null,
    locale text not null check (locale in ('en', 'fr')),
    kind text not null,
    sealed blob,
    state text not null check (state in ('queued', 'sent', 'failed')),
    attempts integer not null,
    not_before integer not null,
    leased_until integer,
    last_error text,
    created_at integer not null,
    finished_at integer,
    check (sealed is not null or state = 'sent')
) strict;
create index outbox_due on outbox (not_before) where state = 'queued';

create table activity (
    id text not null primary key,
    account_id text not null references accounts (id) on delete cascade,
    actor_id text references accounts (id) on delete set null,
    kind text not null,
    happened_at integer not null,
    network text not null,
    user_agent text not null,
    details text not null
) strict;
create index activity_account on activity (account_id, happened_at);

create table article_votes (
    article text not null,
    locale text not null check (locale in ('en', 'fr')),
    version text not null,
    reader_hash blob not null check (length(reader_hash) = 32),
    helpful integer not null check (helpful in (0, 1)),
    comment text,
    created_at integer not null,
    primary key (article, locale, version, reader_hash)
) strict;
create index article_votes_newest on article_votes (created_at);
