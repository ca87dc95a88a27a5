-- The logo of an organisation, and its own texts in each language. Its row names the logo, so that a page needs not read the
-- file.
alter table organisations add column logo text;
create table organisation_logos (
    organisation_id text primary key references organisations (id) on delete cascade,
    name text not null,
    content blob not null
) strict;
create index organisation_logos_name on organisation_logos (name);
create table organisation_texts (
    organisation_id text not null references organisations (id) on delete cascade,
    kind text not null,
    locale text not null,
    text text not null,
    changed_at integer not null,
    primary key (organisation_id, kind, locale)
) strict;
