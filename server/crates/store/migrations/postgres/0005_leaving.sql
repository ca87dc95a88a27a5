-- That an account was deleted at its owner's wish: neither her name nor her address, and a tag that
-- vouches for it. Rows are swept after the time that domain::retention names.
create table deletions (
    account_id text not null primary key,
    realm text not null,
    asked_at bigint not null,
    deleted_at bigint not null,
    lines bigint not null,
    tag bytea not null
);
create index deletions_age on deletions (deleted_at);

-- Accounts whose time has come are looked for often; what refers to one is found when it goes.
create index accounts_deletion on accounts (deletion_at) where deletion_at is not null;
create index activity_actor on activity (actor_id);
create index outbox_account on outbox (account_id);
