// The reference of /docs: Swagger UI over /openapi.json. Nothing is loaded from, or sent to, anywhere else.
"use strict";

window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false, // a key does not outlive the page
  filter: true,
  showExtensions: true, // whose key an operation takes, and its scope
  validatorUrl: null,
});
