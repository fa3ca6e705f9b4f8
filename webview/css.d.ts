/** The bundler gathers style sheets into one file; importing one gives nothing. */
declare module '*.css';
