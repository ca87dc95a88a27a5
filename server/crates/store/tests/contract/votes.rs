use crate::{at, expire, hash};
use domain::Locale;
use store::{Expired, Store, Vote};

both!(
    old_votes_are_removed,
    a_reader_votes_once_for_each_version,
    votes_are_counted_by_language
);

fn vote(article: &str, locale: Locale, version: &str, helpful: bool) -> Vote {
    Vote {
        article: article.to_owned(),
        locale,
        version: version.to_owned(),
        helpful,
        comment: None,
        created_at: at(0),
    }
}

async fn put(store: &Store, vote: &Vote, reader: u8) {
    let mut tx = store.begin().await.unwrap();
    tx.put_vote(vote, &hash(reader)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_reader_votes_once_for_each_version(store: Store) {
    let comment = Some("Where is the button?".to_owned());
    let first = Vote {
        comment: comment.clone(),
        ..vote("2fa", Locale::En, "v1", false)
    };
    put(&store, &first, 1).await;
    assert_eq!(store.votes(9).await.unwrap(), std::slice::from_ref(&first));
    let second = Vote {
        created_at: at(1),
        ..vote("2fa", Locale::En, "v1", true)
    };
    put(&store, &second, 1).await;
    let kept = Vote { comment, ..second };
    assert_eq!(store.votes(9).await.unwrap(), std::slice::from_ref(&kept));
    let third = Vote {
        created_at: at(2),
        ..vote("2fa", Locale::En, "v2", true)
    };
    put(&store, &third, 1).await;
    assert_eq!(store.votes(9).await.unwrap(), [third.clone(), kept]);
    assert_eq!(store.votes(1).await.unwrap(), [third]);
}

async fn votes_are_counted_by_language(store: Store) {
    for (reader, helpful) in [(1, true), (2, true), (3, false)] {
        put(&store, &vote("2fa", Locale::Fr, "v1", helpful), reader).await;
    }
    put(&store, &vote("2fa", Locale::En, "v1", true), 1).await;
    let counts = store.vote_counts().await.unwrap();
    assert_eq!(
        counts,
        [
            ("2fa".to_owned(), Locale::En, 1, 0),
            ("2fa".to_owned(), Locale::Fr, 2, 1)
        ]
    );
}

async fn old_votes_are_removed(store: Store) {
    put(&store, &vote("2fa", Locale::Fr, "v1", true), 1).await;
    let young = Vote {
        created_at: at(5),
        ..vote("2fa", Locale::Fr, "v1", false)
    };
    put(&store, &young, 2).await;
    assert_eq!(expire(&store, Expired::Votes, 5).await, 1);
    assert_eq!(store.votes(9).await.unwrap(), [young]);
}
