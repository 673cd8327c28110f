//! The program and its IDL together: one price, and one order in which both are brought to the chain.

use super::{
    Chain, Done, Error, Keys, Plan, Progress, Survey, Wanted,
    idl::{self, IdlFile, IdlSurvey},
};

/// All that was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// What there is to do about the program.
    pub survey: Survey,
    /// What there is to do about its IDL; `None` if that is left out.
    pub idl: Option<IdlSurvey>,
}

impl Todo {
    /// What there is to do about the IDL, if there is anything.
    pub fn writes_idl(&self) -> Option<&IdlSurvey> {
        self.idl.as_ref().filter(|idl| idl.upload().is_some())
    }

    /// Whether everything is there already.
    pub fn is_nothing(&self) -> bool {
        self.survey.plan == Plan::Nothing && self.writes_idl().is_none()
    }
}

/// What is on the chain, and what there is to do, if the chain allows it and the payer can pay for all of it.
///
/// # Errors
/// Why it cannot be done, or the ledger cannot be asked.
pub async fn find_out(chain: &impl Chain, keys: &Keys, wanted: &Wanted<'_>, file: Option<&IdlFile>) -> Result<Todo, Error> {
    let survey = super::survey(chain, keys, wanted).await?;
    if let Plan::Refuse(refusal) = &survey.plan {
        return Err(refusal.clone().into());
    }
    let idl = match file {
        Some(file) => Some(idl::survey(chain, keys, &wanted.program, &survey, file).await?),
        None => None,
    };
    let todo = Todo { survey, idl };
    // The IDL is paid for by what the program leaves, and giving up the authority by what both leave.
    if let Some(idl) = todo.writes_idl() {
        let (needs, has) = (todo.survey.cost.spends + i128::from(idl.cost.needs), todo.survey.balance);
        if needs > i128::from(has) {
            let needs = u64::try_from(needs).unwrap_or(u64::MAX);
            return Err(idl::Error::Funds { payer: wanted.payer, needs, has }.into());
        }
    }
    Ok(todo)
}

/// Does it: the program first, then its IDL, and the authority is given up last, since nobody can write the IDL of a program that nobody may
/// upgrade.
///
/// # Errors
/// What broke on the way. Done again, it goes on from there.
pub async fn carry_out(
    chain: &impl Chain,
    keys: &Keys,
    wanted: &Wanted<'_>,
    todo: &Todo,
    progress: &mut dyn Progress,
) -> Result<Done, Error> {
    let done = super::bring(chain, keys, wanted, &todo.survey, progress).await?;
    if let Some(idl) = todo.writes_idl() {
        idl::write(chain, keys, &wanted.program, idl, progress).await?;
    }
    if wanted.last && todo.survey.plan != Plan::Nothing {
        return super::give_up(chain, keys, wanted, done, progress).await;
    }
    Ok(done)
}
