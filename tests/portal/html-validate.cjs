// Rules for html-validate over the built portal: all that it knows of the HTML standard and of WCAG. A rule that is
// changed says why.
module.exports = {
    root: true,
    extends: ["html-validate:standard", "html-validate:a11y"],
    rules: {
        // ARIA 1.2 lets any element with a role that supports a name have one; a list of active filters is such.
        "aria-label-misuse": ["error", { allowAnyNamable: true }],
    },
};
