-- Indexes for every statement that a request or a sweep runs, so that none of them reads a table
-- that grows from its beginning to its end.

-- A sweep finds rows by the time that ends them. Sessions have one lifetime for each kind of realm
-- and choice to stay.
create index sessions_back_office_age on sessions (stay, created_at) where realm = 'back_office';
create index sessions_back_office_use on sessions (stay, last_seen_at) where realm = 'back_office';
create index sessions_age on sessions (stay, created_at) where realm <> 'back_office';
create index sessions_use on sessions (stay, last_seen_at) where realm <> 'back_office';
create index sessions_revoked on sessions (revoked_at) where revoked_at is not null;
create index sign_ins_age on sign_ins (created_at);
create index tokens_expiry on tokens (expires_at);
create index tokens_consumed on tokens (consumed_at) where consumed_at is not null;
create index tokens_void on tokens (void_at) where void_at is not null;
create index flashes_expiry on flashes (expires_at);
create index limits_full on limits (tat);
create index devices_use on devices (last_seen_at);
create index outbox_age on outbox (created_at) where state <> 'queued';
create index outbox_readable on outbox (created_at, id) where sealed is not null;

-- What one account has is listed by its age.
drop index sessions_account;
create index sessions_account on sessions (account_id, created_at, id);
drop index sign_ins_account;
create index sign_ins_account on sign_ins (account_id, created_at, id);
drop index tokens_account;
create index tokens_account on tokens (account_id, created_at, id);
drop index devices_account;
create index devices_account on devices (account_id, created_at, id);
drop index outbox_account;
create index outbox_account on outbox (account_id, created_at, id) where account_id is not null;
drop index provider_flows_account;
create index provider_flows_account on provider_flows (account_id, created_at, id)
    where account_id is not null;

-- The newest of a browser's requests, and addresses that an undo link can still take back.
drop index tokens_request;
create index tokens_request on tokens (request_hash, created_at, id)
    where request_hash is not null;
create index tokens_reserved on tokens (lower(pending collate "C")) where purpose = 'email_undo';

-- The log of an account: its pages, the lines that are in no chain, the first lines of all chains.
drop index activity_account;
create index activity_account on activity (account_id, coalesce(line, 0), happened_at, id);
create index activity_unchained on activity (account_id, happened_at)
    where line is null or line < 1;
create index activity_first on activity (happened_at) where line = 1;

-- Lists that are read from one end.
drop index accounts_deletion;
create index accounts_deletion on accounts (deletion_at, id) where deletion_at is not null;
drop index article_votes_newest;
create index article_votes_newest on article_votes (created_at desc, article, locale);
create index article_votes_counts on article_votes (article, locale, helpful);
