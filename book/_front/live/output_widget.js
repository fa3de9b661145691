// ipywidgets' Output, showing what it takes as a cell would: with mathematics and readable errors, which the widget
// manager's own does not have for pages without JupyterLab.
import { Output } from "./output.js";

export function outputWidget({ DOMWidgetModel, DOMWidgetView }, widgets) {
  class OutputModel extends DOMWidgetModel {
    defaults() {
      return { ...super.defaults(), _model_name: "OutputModel", _view_name: "OutputView", msg_id: "", outputs: [] };
    }
  }

  class OutputView extends DOMWidgetView {
    render() {
      super.render();
      this.output = new Output(this.el, widgets);
      const taker = widgets.takers.get(this.model.model_id);
      if (taker) {
        taker.said.forEach((said) => this.output.receive(said));
        taker.show = (said) => this.output.receive(said);
      }
      this.listenTo(this.model, "change:outputs", () => this.written());
      if (this.model.get("outputs").length) this.written();
    }

    // What Python wrote into it without running anything: append_stdout() and its like.
    written() {
      this.el.replaceChildren();
      for (const { output_type: msg_type, ...content } of this.model.get("outputs")) this.output.receive({ msg_type, content });
    }
  }
  return { OutputModel, OutputView };
}
