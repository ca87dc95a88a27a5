-- The first tables. Never edit a migration that was released: add the next number, in both folders.
--
-- Ids are UUIDv7 as text, times unix milliseconds. Names that lists are ordered by compare bytewise
-- (collation "C"), as in SQLite. Secrets are kept only as hashes or sealed. Nothing has a default:
-- time and chance come from the caller.

create table organisations (
    id text not null primary key,
    slug text collate "C" not null unique,
    name text not null,
    created_at bigint not null
);

create table projects (
    id text not null primary key,
    organisation_id text not null references organisations (id) on delete cascade,
    slug text collate "C" not null,
    name_en text not null,
    name_fr text not null,
    unique (organisation_id, slug)
);

-- `realm` is 'back_office' or the id of an organisation; `email_key` is what makes addresses equal.
create table accounts (
    id text not null primary key,
    realm text not null,
    email text not null,
    email_key text collate "C" not null,
    name text not null,
    locale text not null check (locale in ('en', 'fr')),
    password_hash text,
    password_set_at bigint,
    platform_role text check (platform_role in ('agent', 'administrator')),
    status text not null check (status in ('active', 'locked')),
    email_confirmed_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    unique (realm, email_key),
    check ((password_hash is null) = (password_set_at is null)),
    check (platform_role is null or realm = 'back_office')
);

create table memberships (
    account_id text not null references accounts (id) on delete cascade,
    organisation_id text not null references organisations (id) on delete cascade,
    role text not null check (role in ('organisation_manager', 'content_manager')),
    created_at bigint not null,
    primary key (account_id, organisation_id)
);
create index memberships_organisation on memberships (organisation_id);

create table sessions (
    id text not null primary key,
    realm text not null,
    account_id text not null references accounts (id) on delete cascade,
    token_hash bytea not null unique check (length(token_hash) = 32),
    method text not null check (method in ('password', 'password_totp', 'password_recovery_code')),
    created_at bigint not null,
    proved_at bigint not null,
    last_seen_at bigint not null,
    network text not null,
    user_agent text not null,
    revoked_at bigint
);
create index sessions_account on sessions (account_id);

create table sign_ins (
    id text not null primary key,
    realm text not null,
    account_id text not null references accounts (id) on delete cascade,
    token_hash bytea not null unique check (length(token_hash) = 32),
    password_set_at bigint not null,
    wrong_codes bigint not null,
    next text,
    created_at bigint not null,
    finished_at bigint
);
create index sign_ins_account on sign_ins (account_id);

create table totp_enrolments (
    account_id text not null primary key references accounts (id) on delete cascade,
    session_id text not null references sessions (id) on delete cascade,
    secret_sealed bytea not null,
    created_at bigint not null
);
create index totp_enrolments_session on totp_enrolments (session_id);

create table totp_factors (
    account_id text not null primary key references accounts (id) on delete cascade,
    secret_sealed bytea not null,
    confirmed_at bigint not null,
    last_step bigint not null,
    last_used_at bigint not null
);

create table recovery_sets (
    account_id text not null primary key references accounts (id) on delete cascade,
    parameters text not null,
    created_at bigint not null
);

create table recovery_codes (
    account_id text not null references recovery_sets (account_id) on delete cascade,
    position bigint not null,
    hash bytea not null,
    used_at bigint,
    primary key (account_id, position)
);

create table tokens (
    id text not null primary key,
    purpose text not null check (purpose in ('account_setup')),
    account_id text not null references accounts (id) on delete cascade,
    token_hash bytea not null unique check (length(token_hash) = 32),
    pending text,
    created_at bigint not null,
    expires_at bigint not null,
    consumed_at bigint,
    void_at bigint
);
create index tokens_account on tokens (account_id);

create table limits (
    key text not null primary key,
    tat bigint not null
);

create table flashes (
    token_hash bytea not null primary key check (length(token_hash) = 32),
    sealed bytea not null,
    expires_at bigint not null
);

create table outbox (
    id text not null primary key,
    account_id text references accounts (id) on delete set null,
    recipient text not null,
    locale text not null check (locale in ('en', 'fr')),
    kind text not null,
    sealed bytea,
    state text not null check (state in ('queued', 'sent', 'failed')),
    attempts bigint not null,
    not_before bigint not null,
    leased_until bigint,
    last_error text,
    created_at bigint not null,
    finished_at bigint,
    check (sealed is not null or state = 'sent')
);
create index outbox_due on outbox (not_before) where state = 'queued';

create table activity (
    id text not null primary key,
    account_id text not null references accounts (id) on delete cascade,
    actor_id text references accounts (id) on delete set null,
    kind text not null,
    happened_at bigint not null,
    network text not null,
    user_agent text not null,
    details text not null
);
create index activity_account on activity (account_id, happened_at);

create table article_votes (
    article text collate "C" not null,
    locale text not null check (locale in ('en', 'fr')),
    version text not null,
    reader_hash bytea not null check (length(reader_hash) = 32),
    helpful boolean not null,
    comment text,
    created_at bigint not null,
    primary key (article, locale, version, reader_hash)
);
create index article_votes_newest on article_votes (created_at);
