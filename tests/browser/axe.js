/* Runs axe on the page, or on a part of it; returns the rules that are broken, and the looks whose contrast is good.

   A look is what contrast comes from: an element and those around it, up to the root, by name and class, with their
   colours and letters. Of the elements of one look axe gets the one with the most text, and none if the look is
   among the `judged`. A look of which axe was not sure is judged again. */
([within, options, judged]) => {
    const known = new Set(judged), looks = new Map(), chosen = new Map();
    const digest = (text) => {
        let one = 0xdeadbeef, other = 0x41c6ce57;
        for (let at = 0; at < text.length; at++) {
            one = Math.imul(one ^ text.charCodeAt(at), 2654435761);
            other = Math.imul(other ^ text.charCodeAt(at), 1597334677);
        }
        return (one >>> 0).toString(36) + "." + (other >>> 0).toString(36);
    };
    const lengthOf = (element) => "value" in element ? 1 : [...element.childNodes].reduce(
        (sum, node) => sum + (node.nodeType === Node.TEXT_NODE ? node.data.trim().length : 0), 0);
    const lookOf = (element) => {
        const style = getComputedStyle(element);
        return digest([
            looks.get(element.parentElement), element.localName, element.getAttribute("class"), element.type,
            element.ariaDisabled, (element.control ?? element).disabled,
            element.checkVisibility({visibilityProperty: true}), style.color, style.backgroundColor,
            style.backgroundImage, style.fontSize, style.fontWeight, style.opacity, style.textShadow, style.filter,
            style.mixBlendMode, style.position, style.fill,
        ].join("|"));
    };

    for (const animation of document.getAnimations())  // on the way from one theme to the other
        if (animation instanceof CSSTransition) animation.finish();
    for (const element of document.querySelectorAll("*")) {  // those around it come first
        element.removeAttribute("data-judge");
        const look = lookOf(element), length = lengthOf(element);
        looks.set(element, look);
        if (length && !known.has(look) && !(chosen.get(look)?.length >= length)) chosen.set(look, {element, length});
    }
    for (const {element} of chosen.values()) element.setAttribute("data-judge", "");
    axe.configure({rules: [{id: "color-contrast", selector: "[data-judge]"}]});

    return axe.run(within || document, {
        ...options, elementRef: true, resultTypes: ["violations", "incomplete"],
        preload: {assets: ["media"]},  // no rule that is run reads the style sheets
    }).then(({violations, incomplete}) => {
        const doubtful = [...violations, ...incomplete].filter(({id}) => id === "color-contrast");
        for (const {nodes} of doubtful) for (const {element} of nodes) chosen.delete(looks.get(element));
        const good = [...chosen].filter(([, {element}]) => !within || element.closest(within));
        return {
            broken: violations.map(({id, nodes}) => [id, ...nodes.slice(0, 3).map(({html}) => html.slice(0, 160))]),
            good: good.map(([look]) => look),
        };
    });
}
