//! The citizens' side: projects, which are public.

use super::RequestContext;
use crate::request::tenant;
use async_trait::async_trait;
use contract::{Answer, Door, PlatformDoor, PlatformPort, Problem, ProjectLink, ProjectPage};
use store::{Organisation, Project};

#[async_trait]
impl PlatformPort for RequestContext {
    async fn organisations(&self) -> Answer<Vec<contract::Organisation>> {
        let store = &self.state.identity.store;
        let organisations = self.answer(store.organisations()).await?;
        let projects = self.answer(store.all_projects()).await?;
        let with_projects = |organisation: Organisation| {
            let own = projects
                .iter()
                .filter(|project| project.organisation_id == organisation.id);
            contract::Organisation {
                projects: own
                    .map(|project| self.project_link(&organisation, project))
                    .collect(),
                name: organisation.name,
            }
        };
        Ok(organisations.into_iter().map(with_projects).collect())
    }

    async fn project(&self) -> Answer<ProjectPage> {
        let tenant = self.tenant.project.as_ref().ok_or(Problem::NotFound)?;
        let (organisation, here) = &**tenant;
        let projects = self
            .answer(self.state.identity.store.projects(&organisation.id))
            .await?;
        let others = projects.iter().filter(|project| project.id != here.id);
        Ok(ProjectPage {
            description: paragraphs(here.description(self.locale)),
            neighbours: others
                .map(|project| self.project_link(organisation, project))
                .collect(),
        })
    }
}

/// Plain text, taken apart where a line is empty.
fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let pieces = lines.split(|line| line.is_empty());
    let pieces = pieces.map(|piece| piece.join(" "));
    pieces.filter(|piece| !piece.is_empty()).collect()
}

impl RequestContext {
    /// A project, as a page leads to it.
    pub(super) fn project_link(
        &self,
        organisation: &Organisation,
        project: &Project,
    ) -> ProjectLink {
        let name = tenant::name(project, self.locale);
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

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn empty_lines_set_paragraphs_apart() {
        assert_eq!(paragraphs(" \n"), Vec::<String>::new());
        assert_eq!(
            paragraphs("One\r\n line.\r\n \r\n\r\nTwo."),
            ["One line.", "Two."]
        );
    }
}
