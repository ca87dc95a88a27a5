-- Of how many wrong guesses in a row the owner was told: each number is told once, by whoever comes first.
alter table guesses add column told integer not null default 0;
