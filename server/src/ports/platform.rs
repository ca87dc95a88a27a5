//! The citizens' side: projects that anybody may read.

use super::{Scope, place};
use async_trait::async_trait;
use contract::{Answer, Door, PlatformDoor, PlatformPort, Problem, ProjectLink, Town};
use store::{Organisation, Project};

#[async_trait]
impl PlatformPort for Scope {
    async fn towns(&self) -> Answer<Vec<Town>> {
        let store = &self.state.identity.store;
        let organisations = store.organisations().await;
        let organisations = organisations.map_err(|error| self.store_problem(error))?;
        let projects = store.all_projects().await;
        let projects = projects.map_err(|error| self.store_problem(error))?;
        let town = |organisation: Organisation| {
            let own = projects
                .iter()
                .filter(|project| project.organisation_id == organisation.id);
            Town {
                projects: own
                    .map(|project| self.project_link(&organisation, project))
                    .collect(),
                name: organisation.name,
            }
        };
        Ok(organisations.into_iter().map(town).collect())
    }

    async fn neighbours(&self) -> Result<Vec<ProjectLink>, Problem> {
        let here = self.place.project.as_ref().ok_or(Problem::NotFound)?;
        let projects = self.state.identity.store.projects(&here.0.id).await;
        let projects = projects.map_err(|error| self.store_problem(error))?;
        let others = projects.iter().filter(|project| project.id != here.1.id);
        Ok(others
            .map(|project| self.project_link(&here.0, project))
            .collect())
    }
}

impl Scope {
    /// A project, as a page leads to it.
    pub(super) fn project_link(
        &self,
        organisation: &Organisation,
        project: &Project,
    ) -> ProjectLink {
        let name = place::name(project, self.locale);
        let door = Door::Platform(PlatformDoor {
            organisation: organisation.slug.clone(),
            organisation_name: organisation.name.clone(),
            project: project.slug.clone(),
            project_name: name.clone(),
        });
        ProjectLink {
            name,
            path: door.home(),
        }
    }
}
