"""Why a gate is open: facts, checks, evidence, approvals, and the decision that follows."""
