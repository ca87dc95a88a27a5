-- How many passwords, codes and proofs of an account were wrong on a day: counted beside the log, so that strangers cannot
-- make the log grow. A day is named by the moment at which it begins in the zone of the platform.
create table refused_tries (
    account_id text not null references accounts (id) on delete cascade,
    day integer not null,
    tries integer not null,
    primary key (account_id, day)
) strict;
create index refused_tries_day on refused_tries (day);
