-- What a project is about, for whoever comes to its page: plain text, paragraphs set apart by empty lines.
alter table projects add column description_en text not null default '';
alter table projects add column description_fr text not null default '';
