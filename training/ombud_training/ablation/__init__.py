"""The ablation: which design of rationales is best, measured side by side on one part."""
