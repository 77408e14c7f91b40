"""From a form as an office has it (PDF, Excel, Word) to an SOP, with a mark at everything that is doubtful."""
