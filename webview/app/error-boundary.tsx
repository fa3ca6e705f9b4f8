import { Component, type ComponentChildren } from 'preact';
import { TelemetryError } from '../../core/contract/errors.ts';
import { Failure } from '../ui/states.tsx';

interface ErrorBoundaryProps {
  children: ComponentChildren;
}

/** Keeps a fault in one page from taking the whole app with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { fault?: unknown }> {
  override state: { fault?: unknown } = {};

  override componentDidCatch(fault: unknown): void {
    console.error(fault);
    this.setState({ fault });
  }

  override render() {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    return <Failure error={TelemetryError.from(fault)} again={() => this.setState({ fault: undefined })} />;
  }
}
