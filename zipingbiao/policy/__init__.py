"""Policies: the thresholds and weights that a finance bureau's rules set, one TOML file each."""

from zipingbiao.policy.load import Policy, PolicyError, load_policy, policy_for, policy_names

__all__ = ["Policy", "PolicyError", "load_policy", "policy_for", "policy_names"]
